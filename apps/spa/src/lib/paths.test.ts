import { expect, test } from 'vitest'
import { router } from '../routes/router.tsx'
import { APP_PATHS, isPage } from './paths.ts'

test('matches the paths of the routes', () => {
  expect(Object.keys(router.routesByPath).sort()).toEqual([...APP_PATHS].sort())
})

test('gives each site its own pages', () => {
  expect(isPage('app.matrix.example', '/login')).toBe(true)
  expect(isPage('matrix.example', '/login')).toBe(false)
  expect(isPage('matrix.example', '/')).toBe(true)
  expect(isPage('app.matrix.example', '//login')).toBe(false)
  expect(isPage('app.matrix.example', '/admin/people/ada')).toBe(true)
  expect(isPage('app.matrix.example', '/admin/people/')).toBe(false)
  expect(isPage('app.matrix.example', '/admin/people/ada/more')).toBe(false)
})

test('shows profiles on both sites, and lists of people on one', () => {
  for (const host of ['app.matrix.example', 'matrix.example']) {
    expect(isPage(host, '/@ada')).toBe(true)
    expect(isPage(host, '/@')).toBe(false)
    expect(isPage(host, '/ada')).toBe(false)
  }
  expect(isPage('app.matrix.example', '/@ada/followers')).toBe(true)
  expect(isPage('matrix.example', '/@ada/followers')).toBe(false)
})

test('knows pages that are about somebody', () => {
  expect(isPage('app.matrix.example', '/admin/people/ada')).toBe(true)
  expect(isPage('app.matrix.example', '/admin/people/ada/more')).toBe(false)
  expect(isPage('app.matrix.example', '/admin/people/')).toBe(false)
})
